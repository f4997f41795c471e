qmail_program(qmail-qstat LIBRARIES queue)
