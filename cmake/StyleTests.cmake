# Tests that read the sources: the include rules of the design, the formatting, the scripts.
foreach(check IN ITEMS includes format shell)
  add_test(NAME style.${check} COMMAND "${CMAKE_CURRENT_LIST_DIR}/check_${check}.sh"
                                       "${PROJECT_SOURCE_DIR}")
endforeach()
add_test(NAME style.includes_selftest COMMAND "${CMAKE_CURRENT_LIST_DIR}/check_includes_test.sh")
set_tests_properties(style.includes style.format style.shell style.includes_selftest
                     PROPERTIES LABELS style TIMEOUT 60 SKIP_RETURN_CODE 77)
