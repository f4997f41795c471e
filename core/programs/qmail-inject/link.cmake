qmail_program(qmail-inject LIBRARIES control queue)
