"""Running Tandem on one machine: getting ready, starting, watching and stopping.

`bootstrap` needs the standard library only, since it builds the virtual environment that
everything else lives in. Nothing here knows what Tandem is about; no app imports it.
"""
