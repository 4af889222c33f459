"""Sites: options, connections to a CMS, checks."""
