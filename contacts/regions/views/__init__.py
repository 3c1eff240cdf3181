"""Pages of regions: for whoever manages one, and for operators who say who does."""
