"""Pages for whoever manages a region, under `/regions/<slug>/`. Nobody else learns of them."""
