qmail_program(bouncesaying LIBRARIES base)
