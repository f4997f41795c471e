qmail_program(qmail-popup LIBRARIES accounts pop3 tls)
