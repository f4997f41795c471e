# qmail-authd at work, and qmail-popup with it.
script_tests(qmail-authd/serve.py PREFIX program.qmail-authd TIMEOUT 300)
