# Programs that are tested with peers.
script_tests(tcpclient/connect.py PREFIX program.tcpclient)
script_tests(recordio/copy.py PREFIX program.recordio)
