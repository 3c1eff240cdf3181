"""Pages about who belongs to an organisation, and the page behind an invitation's link."""
