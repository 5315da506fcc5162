"""Look at sources and fetch pages.  One file a kind of source; each goes out through http."""
