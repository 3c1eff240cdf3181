"""An academy trust says which schools are its own, from its extract of the register."""
