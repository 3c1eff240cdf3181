"""The public part of the directory, as an Open Referral UK API: gateways and who hosts them."""
