"""What turns a bare machine into a running Jucun: environment, front end, database, processes.

Only the command line and the tests use it; the product itself never does.
"""
