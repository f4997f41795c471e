# bench.harness: the parts of the harness. bench.smoke: short scenarios, with nobody but us. bench.docs: the figures in
# the docs are what the result file beside the pictures makes.
add_test(NAME bench.harness
         COMMAND Python3::Interpreter -m unittest discover -s ${CMAKE_CURRENT_SOURCE_DIR}/unit -t ${CMAKE_CURRENT_SOURCE_DIR})
add_test(NAME bench.smoke
         COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/run S1a S2 --peers qmailkit --rounds 1 --messages 50
                 --quiet 0 --retries 0 --build ${PROJECT_BINARY_DIR} --tools ${CMAKE_CURRENT_BINARY_DIR}/tools
                 --work ${CMAKE_CURRENT_BINARY_DIR}/smoke)
set_tests_properties(bench.harness bench.smoke PROPERTIES LABELS bench TIMEOUT 180)
# It installs from the build folder, as system.stage does.
set_tests_properties(bench.smoke PROPERTIES FIXTURES_REQUIRED stage)
add_test(NAME bench.docs
         COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/plot --check ${PROJECT_SOURCE_DIR}/docs/pictures/performance/results.jsonl)
set_tests_properties(bench.docs PROPERTIES LABELS bench TIMEOUT 180)
