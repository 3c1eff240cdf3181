"""How pages look: Jinja environment, NHS components, forms, navigation. Knows no domain word."""
