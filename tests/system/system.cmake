# Every function NAME_N of deliver.py and receive.py is the test of step N of docs/install/TEST.NAME.md; the other
# scripts hold one scenario a function.
add_test(NAME system.stage
         COMMAND ${CMAKE_COMMAND} -E env DESTDIR=${PROJECT_BINARY_DIR}/stage ${CMAKE_COMMAND} --install ${PROJECT_BINARY_DIR})
set_tests_properties(system.stage PROPERTIES FIXTURES_SETUP stage LABELS system)
foreach(peer postfix exim4-daemon-light mlmmj clamav spamassassin libhtml-parser-perl libhtml-tagset-perl liburi-perl libnet-dns-perl
             libnetaddr-ip-perl libtimedate-perl libhttp-date-perl libio-string-perl libsys-hostname-long-perl)
  add_test(NAME system.peers.${peer}
           COMMAND ${PROJECT_SOURCE_DIR}/tests/support/get-peer ${peer} ${PROJECT_BINARY_DIR}/peers/${peer})
  set_tests_properties(system.peers.${peer} PROPERTIES FIXTURES_SETUP stage LABELS system)
endforeach()

file(GLOB scripts CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.py)
foreach(script IN LISTS scripts)
  system_scenarios(${script} PREFIX system.)
endforeach()
