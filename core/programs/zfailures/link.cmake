qmail_program(zfailures LIBRARIES activity)
