qmail_program(qmail-smtpd LIBRARIES smtp)
qmail_program_features(qmail-smtpd smtpd)
