qmail_program(qmail-showctl LIBRARIES control users queue)
