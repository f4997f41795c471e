script_tests(qmail-smtpd/together.py PREFIX program.qmail-smtpd.together TIMEOUT 180)
