"""An organisation takes its records away in a file: at once, or made by the worker."""
