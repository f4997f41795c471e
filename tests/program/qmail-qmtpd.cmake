# The servers of QMTP and QMQP: sessions are netstrings within netstrings, which a case could not show.
script_tests(qmail-qmtpd/session.py PREFIX program.qmail-qmtpd)
