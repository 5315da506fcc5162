"""What the package's models are fitted from, and the scripts that fit them."""
