qmail_program(qmail-qctl LIBRARIES queue_log queue users)
