# fastforward with the databases and lists that the programs beside it make.
script_tests(fastforward/follow.py PREFIX program.fastforward)
