qmail_program(qmail-qmtpd LIBRARIES smtp)
