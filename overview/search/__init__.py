"""One box that finds everything the person may see: records, organisations, people, gateways."""
