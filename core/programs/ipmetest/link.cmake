qmail_program(ipmetest LIBRARIES smtp)
qmail_program_features(ipmetest smtpc)
