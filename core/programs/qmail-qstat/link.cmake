qmail_program(qmail-qstat LIBRARIES queue_log queue)
