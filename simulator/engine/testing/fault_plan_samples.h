// Texts of fault plans, right and wrong: the reader and the schema must agree on them.
#ifndef SIMULATOR_ENGINE_TESTING_FAULT_PLAN_SAMPLES_H_
#define SIMULATOR_ENGINE_TESTING_FAULT_PLAN_SAMPLES_H_

#include <ostream>

namespace vdisim::testing_support {

struct FaultSample {
  const char* text;
  const char* error;       // part of what the reader says; NULL: it takes the text
  bool schema_too = true;  // whether the schema can refuse what the reader refuses

  friend std::ostream& operator<<(std::ostream& out, const FaultSample& sample) {
    return out << sample.text;
  }
};

inline constexpr FaultSample kFaultSamples[] = {
    {"<faults/>", nullptr},
    {"<faults><stall ms='0'/></faults>", nullptr},
    {"<faults><abort at='Complete' when='after' device='64'/></faults>", nullptr},
    {"<faults><close-early at='Read' nth='2'/><kill/></faults>", nullptr},
    {"<faults><flush at='Write' nth='2'/><flush at='Write' nth='5'/></faults>", nullptr},
    {"<faults><fail when='before-open' message='911'/></faults>", nullptr},
    {"<faults><fail when='after-transfer'/></faults>", nullptr},
    {"<faults><fail when='before-open' message='18456' text='Login failed.'/></faults>", nullptr},
    {"<faults><command code='9'/><command code='2' illegal='yes'/></faults>", nullptr},
    {"<faults><sizes read='random' write='1048576'/></faults>", nullptr},
    {"<faults><sizes write='1000' illegal='yes'/></faults>", nullptr},
    {"<faults><flush at='Complete' illegal='yes'/></faults>", nullptr},
    {"<faults><no-flush statement='backup'/><read-past-end device='2'/></faults>", nullptr},
    {"<faults><read-past-end across='yes'/></faults>", nullptr},

    {"", "plan.xml:1: not XML: "},
    {"<faults>\n<stall ms='1'>\n</faults>", "plan.xml:3: not XML: "},
    {"<scenario/>", "plan.xml:1: expected a <faults> element, found <scenario>"},
    {"<faults version='2'/>", "plan.xml:1: <faults> has no attribute 'version'"},
    {"<faults>\n\n  <explode/></faults>", "plan.xml:3: <explode> is no fault, expected one of: "},
    {"<faults>words</faults>", "plan.xml:1: text between the elements of <faults>"},
    {"<faults><stall ms='1'><abort/></stall></faults>", "<stall> holds nothing"},
    {"<faults><stall/></faults>", "<stall> needs the attribute 'ms'"},
    {"<faults><stall ms='soon'/></faults>",
     "<stall> has ms=\"soon\", expected a whole number from 0 to 3600000"},
    {"<faults><stall ms='1' at='Wrote'/></faults>",
     "<stall> has at=\"Wrote\", expected one of: Read, Write, ClearError"},
    {"<faults><stall ms='1' nth='0'/></faults>", "has nth=\"0\", expected a whole number from 1"},
    {"<faults><abort device='65'/></faults>",
     "has device=\"65\", expected a whole number from 1 to 64"},
    {"<faults><abort ms='1'/></faults>",
     "<abort> has no attribute 'ms', expected one of: at, nth, device, when, statement, illegal"},
    {"<faults><abort when='later'/></faults>",
     "has when=\"later\", expected one of: before, after"},
    {"<faults><abort statement='select'/></faults>",
     "has statement=\"select\", expected one of: backup, restore"},
    {"<faults><abort illegal='perhaps'/></faults>", "expected one of: no, yes"},
    {"<faults><flush at='Write' when='before'/></faults>", "<flush> has no attribute 'when'"},
    {"<faults><flush at='Complete'/></faults>",
     "a server sends nothing behind VDC_Complete; illegal=\"yes\" asks for it", false},
    {"<faults><command/></faults>", "<command> needs the attribute 'code'"},
    {"<faults><command code='2'/></faults>",
     "a server sends command 2 at its own place only; illegal=\"yes\"", false},
    {"<faults><command code='999' at='Complete' when='after'/></faults>",
     "a server sends nothing behind VDC_Complete", false},
    {"<faults><fail/></faults>", "<fail> needs the attribute 'when', one of: before-open"},
    {"<faults><fail when='before-open' message='4711'/></faults>",
     "message 4711 is not known here; expected its whole text in the attribute 'text'", false},
    {"<faults><fail when='before-open' message='3135'/></faults>",
     "message 3135 says what cannot be guessed", false},
    {"<faults><fail when='before-open' message='3014'/></faults>", "message 3014 is no error",
     false},
    {"<faults>\n<fail when='before-open'/>\n<fail when='after-open'/></faults>",
     "plan.xml:3: a second <fail> for the same statements, the first is in line 2", false},
    {"<faults><no-flush statement='restore'/></faults>",
     "<no-flush> has statement=\"restore\", but happens in backup only"},
    {"<faults><read-past-end statement='backup'/></faults>", "happens in restore only"},
    {"<faults><read-past-end across='2'/></faults>", "across"},
    {"<faults><complete grant='no' send='yes'/></faults>",
     "a server that has not granted VDC_Complete does not send it", false},
    {"<faults><clear-error/></faults>", "needs the attribute 'then', one of: retry, abort, close"},
    {"<faults><depth commands='17'/></faults>", "expected a whole number from 1 to 16"},
    {"<faults><first commands='4'/></faults>", "<first> needs the attribute 'device'"},
    {"<faults>\n<first device='2' commands='1'/>\n<starve device='2'/></faults>",
     "plan.xml:3: <starve> of device 2, which <first> serves before all others", false},
    {"<faults><starve/></faults>", "<starve> needs the attribute 'device'"},
    {"<faults><sizes/></faults>", "<sizes> needs the attribute 'write' or 'read'", false},
    {"<faults><sizes write='1000'/></faults>", "every transfer is a multiple of the block size",
     false},
    {"<faults><sizes write='512,,512'/></faults>", "<sizes> has write=\"512,,512\""},
    {"<faults><sizes write=''/></faults>", "<sizes> has write=\"\""},
    {"<faults><sizes write='8388608'/></faults>", "expected a whole number from 1 to 4194304",
     false},
    {"<faults><chatter bytes='0'/></faults>", "expected a whole number from 1 to 67108864"},
    {"<faults><delay-open/></faults>", "<delay-open> needs the attribute 'ms'"},
};

}  // namespace vdisim::testing_support

#endif  // SIMULATOR_ENGINE_TESTING_FAULT_PLAN_SAMPLES_H_
