script_tests(multilog/logs.py PREFIX program.multilog)
