"""What the witnesses of an event add up to: who says so, what they disagree on, and how much it weighs.  Pure."""
