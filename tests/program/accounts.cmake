# Virtual users of a domain owner who exists for the programs under test only.
script_tests(qmail-user/virtual.py PREFIX program.qmail-user TIMEOUT 180)
