"""The roof: settings, addresses, the worker's app and the pages that gather what the apps offer."""
