"""The world and the wiring: sites in a browser, model, clock, settings, worker, command line."""
