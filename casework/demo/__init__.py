"""The demonstration office: invented children on real districts, each brought to where it is by the services, never inserted by SQL."""
