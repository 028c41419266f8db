# How a folder becomes a library, a program or a test. A library links the folders it may include
# and no others, so its link list is its arrow in the design.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set_property(GLOBAL PROPERTY GLOBAL_DEPENDS_NO_CYCLES ON)

# Programs and libraries lie in the build tree as they do when installed, so that relative look-ups
# work in both.
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/lib")
set(VDISIM_LIBEXEC_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/libexec/vdisim")

add_library(vdi_options INTERFACE)
target_include_directories(vdi_options INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_options(vdi_options INTERFACE -Wall -Wextra -Wshadow -Wconversion)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 and 13 see overlapping copies in std::string's operator+ at -O3 (GCC bug 105651).
  target_compile_options(vdi_options INTERFACE -Wno-restrict)
endif()
if(VDISIM_WERROR)
  target_compile_options(vdi_options INTERFACE -Werror)
endif()
if(VDISIM_SANITIZE)
  target_compile_options(vdi_options INTERFACE -fsanitize=${VDISIM_SANITIZE} -fno-sanitize-recover=all
                                               -fno-omit-frame-pointer)
  target_link_options(vdi_options INTERFACE -fsanitize=${VDISIM_SANITIZE})
endif()
if(VDISIM_COVERAGE)
  target_compile_options(vdi_options INTERFACE --coverage)
  target_link_options(vdi_options INTERFACE --coverage)
endif()

# vdi_library(NAME SOURCES... DEPS...): a static library of one folder.
function(vdi_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPS" ${ARGN})
  add_library(${name} STATIC ${arg_SOURCES})
  target_link_libraries(${name} PUBLIC vdi_options ${arg_DEPS})
endfunction()

# vdi_program(NAME SOURCES... DEPS... [LIBEXEC]): a program, by default in bin/.
function(vdi_program name)
  cmake_parse_arguments(arg "LIBEXEC" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE vdi_options ${arg_DEPS})
  if(arg_LIBEXEC)
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY
                                             "${VDISIM_LIBEXEC_OUTPUT_DIRECTORY}")
  endif()
endfunction()

# vdi_test(NAME SOURCES... DEPS... [LABELS...] [TIMEOUT s] [ENVIRONMENT...] [WHOLE]): a GoogleTest
# program; each of its tests is a ctest test, or, where they mostly wait and run side by side in one
# process, all of them together are one.
function(vdi_test name)
  if(NOT VDISIM_TESTS)
    return()
  endif()
  cmake_parse_arguments(arg "WHOLE" "TIMEOUT" "SOURCES;DEPS;LABELS;ENVIRONMENT" ${ARGN})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 60)
  endif()
  if(VDISIM_SANITIZE)
    math(EXPR arg_TIMEOUT "10 * ${arg_TIMEOUT}")
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE vdi_options ${arg_DEPS} GTest::gtest GTest::gmock
                                        GTest::gmock_main)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests")
  set(properties TIMEOUT ${arg_TIMEOUT})
  if(arg_LABELS)
    list(APPEND properties LABELS "${arg_LABELS}")
  endif()
  if(arg_ENVIRONMENT)
    list(APPEND properties ENVIRONMENT "${arg_ENVIRONMENT}")
  endif()
  if(arg_WHOLE)
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES ${properties})
    return()
  endif()
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60 TEST_PREFIX "${name}."
                       PROPERTIES ${properties})
endfunction()

# vdi_embed_files(OUTPUT FILES HEADER FUNCTION): compiles files into a program, see embed_files.cmake.
function(vdi_embed_files output files header function)
  set(script "${PROJECT_SOURCE_DIR}/cmake/embed_files.cmake")
  add_custom_command(
    OUTPUT "${output}"
    COMMAND "${CMAKE_COMMAND}" "-DOUTPUT=${output}" "-DFILES=${files}" "-DHEADER=${header}"
            "-DFUNCTION=${function}" -P "${script}"
    DEPENDS ${files} "${script}"
    COMMENT "Embedding files for ${header}"
    VERBATIM)
endfunction()
