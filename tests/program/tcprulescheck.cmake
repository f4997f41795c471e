# tcprules and tcprulescheck together.
script_tests(tcprulescheck/check.py PREFIX program.tcprulescheck)
