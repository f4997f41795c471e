# tcp-env as inetd starts it.
script_tests(tcp-env/inetd.py PREFIX program.tcp-env TIMEOUT 120)
