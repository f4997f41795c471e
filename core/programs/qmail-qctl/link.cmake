qmail_program(qmail-qctl LIBRARIES queue_view users control)
