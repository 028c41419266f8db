# What is installed, and how it finds itself: programs, the helpers in libexec/vdisim, the two shared
# libraries, the public headers, the scenario and rule files, a CMake package and a pkg-config file.
# To be included after all folders. Headers lie in include/vdisim, so that they take no other
# supplier's place; the package's targets and vdisim.pc know the way.
include(CMakePackageConfigHelpers)

set(VDISIM_INSTALL_LIBEXECDIR libexec/vdisim)
set(VDISIM_INSTALL_DATADIR "${CMAKE_INSTALL_DATADIR}/vdisim")
set(VDISIM_INSTALL_INCLUDEDIR "${CMAKE_INSTALL_INCLUDEDIR}/vdisim")
set(VDISIM_INSTALL_PACKAGEDIR "${CMAKE_INSTALL_LIBDIR}/cmake/VdiSim")

# vdi_targets_below(OUT FOLDER): every target of the folder and of those below it.
function(vdi_targets_below out folder)
  get_property(targets DIRECTORY "${folder}" PROPERTY BUILDSYSTEM_TARGETS)
  get_property(folders DIRECTORY "${folder}" PROPERTY SUBDIRECTORIES)
  foreach(inner IN LISTS folders)
    vdi_targets_below(inner_targets "${inner}")
    list(APPEND targets ${inner_targets})
  endforeach()
  set(${out} "${targets}" PARENT_SCOPE)
endfunction()

# vdi_relocatable(TARGET FOLDER): the program finds our libraries relative to itself, in the build
# tree as installed in FOLDER.
function(vdi_relocatable target folder)
  file(RELATIVE_PATH to_libraries "/${folder}" "/${CMAKE_INSTALL_LIBDIR}")
  set_target_properties(${target} PROPERTIES
    BUILD_RPATH_USE_ORIGIN ON INSTALL_RPATH "$ORIGIN/${to_libraries}")
endfunction()

# Libraries and headers: what a client needs to be built.
set_target_properties(vdisim_headers PROPERTIES EXPORT_NAME headers)
foreach(library sqlvdi vdisim-com)
  vdi_relocatable(${library} "${CMAKE_INSTALL_LIBDIR}")
endforeach()
set_target_properties(vdisim-com PROPERTIES EXPORT_NAME com)
install(TARGETS sqlvdi vdisim-com vdisim_headers EXPORT VdiSimTargets
        LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT development)
install(DIRECTORY "${PROJECT_SOURCE_DIR}/simulator/include/"
        DESTINATION "${VDISIM_INSTALL_INCLUDEDIR}" COMPONENT development
        FILES_MATCHING PATTERN "*.h")

install(EXPORT VdiSimTargets NAMESPACE VdiSim:: DESTINATION "${VDISIM_INSTALL_PACKAGEDIR}"
        COMPONENT development)
configure_package_config_file("${CMAKE_CURRENT_LIST_DIR}/VdiSimConfig.cmake.in"
                              "${PROJECT_BINARY_DIR}/VdiSimConfig.cmake"
                              INSTALL_DESTINATION "${VDISIM_INSTALL_PACKAGEDIR}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/VdiSimConfigVersion.cmake"
                                 COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/VdiSimConfig.cmake"
              "${PROJECT_BINARY_DIR}/VdiSimConfigVersion.cmake"
        DESTINATION "${VDISIM_INSTALL_PACKAGEDIR}" COMPONENT development)

file(RELATIVE_PATH VDISIM_PC_TO_PREFIX "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
configure_file("${CMAKE_CURRENT_LIST_DIR}/vdisim.pc.in" "${PROJECT_BINARY_DIR}/vdisim.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/vdisim.pc"
        DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig" COMPONENT development)

# Programs: those that users type, and the helpers that vdi_program put into libexec.
vdi_targets_below(all_targets "${PROJECT_SOURCE_DIR}")
foreach(target IN LISTS all_targets)
  get_target_property(type ${target} TYPE)
  if(NOT type STREQUAL "EXECUTABLE")
    continue()
  endif()
  get_target_property(output ${target} RUNTIME_OUTPUT_DIRECTORY)
  if(output STREQUAL VDISIM_LIBEXEC_OUTPUT_DIRECTORY)
    vdi_relocatable(${target} "${VDISIM_INSTALL_LIBEXECDIR}")
    install(TARGETS ${target} DESTINATION "${VDISIM_INSTALL_LIBEXECDIR}" COMPONENT programs)
  elseif(target MATCHES "^(vdisim|vdi-conform)$")
    vdi_relocatable(${target} "${CMAKE_INSTALL_BINDIR}")
    install(TARGETS ${target} DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT programs)
  elseif(output STREQUAL CMAKE_RUNTIME_OUTPUT_DIRECTORY)
    vdi_relocatable(${target} "${CMAKE_INSTALL_BINDIR}")
  endif()
endforeach()

# What the judge preloads into a client: it needs nothing of ours, so no way to it either.
install(TARGETS vdi-witness LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT programs)

foreach(data rules scenarios client_scenarios)
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/conformance/${data}"
          DESTINATION "${VDISIM_INSTALL_DATADIR}" COMPONENT programs
          FILES_MATCHING PATTERN "*.xml" PATTERN "*.xsd")
endforeach()

# These install into a temporary prefix. A client would have to be given a sanitizer's options too.
if(VDISIM_TESTS AND NOT VDISIM_SANITIZE AND NOT VDISIM_COVERAGE)
  add_test(NAME install.consumer
           COMMAND "${PROJECT_SOURCE_DIR}/cmake/testing/consumer_test.sh" "${CMAKE_COMMAND}"
                   "${PROJECT_BINARY_DIR}" "${CMAKE_CXX_COMPILER}" "${CMAKE_INSTALL_LIBDIR}")
  add_test(NAME install.programs
           COMMAND "${PROJECT_SOURCE_DIR}/cmake/testing/programs_test.sh" "${CMAKE_COMMAND}"
                   "${PROJECT_BINARY_DIR}")
  set_tests_properties(install.consumer install.programs PROPERTIES TIMEOUT 120)
endif()
