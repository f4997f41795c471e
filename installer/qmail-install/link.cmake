qmail_program(qmail-install DYNAMIC LIBRARIES hier transaction facts dialogue plan)
