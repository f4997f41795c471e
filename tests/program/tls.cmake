# The TLS programs at work.
# Not where a sanitizer watches: it makes system calls of its own, for which the sandbox ends the process.
if(QMAILKIT_SANITIZE)
  return()
endif()
foreach(subject ucspi-tlsd.serve ucspi-tlsd.reload ucspi-tlsc.chain ucspi-tlsc.resident)
  string(REPLACE "." "/" script ${subject})
  script_tests(${script}.py PREFIX program.${subject} TIMEOUT 120 SERIAL)
endforeach()
