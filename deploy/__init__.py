"""From a checkout to a service on AWS. Runs on a developer's machine or in CI, never in the service itself.

interpreter.py   the Python of the Lambda runtime, wherever it is on this machine
stages.py        zappa_settings.json, as Zappa reads it
locks.py         the hashed locks, read into what goes into a package
tree.py          the dependencies, installed for the target CPU and Python
contents.py      what of the tree and of the rooms goes into a package
binaries.py      what CPU and C library a compiled file needs
package.py       the zip: checked, with valid .pyc files, the same bytes each time
environment.py   a function's variables: those of the settings and no others
hooks.py         where Zappa calls all this
"""
