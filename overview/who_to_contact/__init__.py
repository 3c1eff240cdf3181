"""Who should I contact? A school, postcode or place and a need lead to the first door, the
fallback with its date, and the gateway; with who is in touch there already."""
