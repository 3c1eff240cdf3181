"""The regional directory as those read it who act for an organisation that has joined: finding
people and gateways, what an area has, and asking for how to reach somebody. Its keeping is
elsewhere (`contacts.directory_services`, `contacts.regions`)."""
