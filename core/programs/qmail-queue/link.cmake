qmail_program(qmail-queue LIBRARIES queue_log queue users format log)
