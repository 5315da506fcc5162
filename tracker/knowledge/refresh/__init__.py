"""Rebuild the imported data files from public sources; nothing here is imported by the running tracker."""
