"""What the program says of a wrong spec: the input, and the exact message with its caret."""

from __future__ import annotations

from textwrap import dedent

import pytest

from diagramgen.diagnostics import InputError
from diagramgen.read.render_diagnostics import render_diagnostics, summarise
from diagramgen.read.spec import read_spec


def messages(text: str) -> str:
    """All that is said of a spec, as it is printed; warnings of a spec that is read count too."""
    try:
        reading = read_spec("a.yaml", text)
    except InputError as error:
        return render_diagnostics(error.diagnostics, {"a.yaml": text})
    return render_diagnostics(reading.diagnostics, {"a.yaml": text})


CASES = {
    "a key that is unknown": (
        """\
        vnets:
          Hub: {address: 10.0.0.0/16, sunbets: {}}
        """,
        """\
        a.yaml:2:31: error[unknown-key]: a VNet has no key `sunbets`
          |
        2 |   Hub: {address: 10.0.0.0/16, sunbets: {}}
          |                               ^^^^^^^
          = did you mean `subnets`?""",
    ),
    "a key that stands twice": (
        """\
        vnets:
          Hub: {}
          Hub: {}
        """,
        """\
        a.yaml:3:3: error[duplicate-key]: the key `Hub` stands here twice
          |
        3 |   Hub: {}
          |   ^^^
          = give each its own name, or put the two together
          = first here: a.yaml:2:3""",
    ),
    "names that differ by case alone": (
        """\
        vnets:
          Hub: {}
          HUB: {}
        """,
        """\
        a.yaml:3:3: error[duplicate-name]: `HUB` and `Hub` are one name: Azure ignores case
          |
        3 |   HUB: {}
          |   ^^^
          = first here: a.yaml:2:3""",
    ),
    "a network with host bits": (
        """\
        vnets:
          Hub: {address: 10.0.0.1/16}
        """,
        """\
        a.yaml:2:18: error[bad-cidr]: `10.0.0.1/16` has bits set right of its prefix
          |
        2 |   Hub: {address: 10.0.0.1/16}
          |                  ^^^^^^^^^^^
          = the network is `10.0.0.0/16`; an address alone is `10.0.0.1/32`""",
    ),
    "an octet that is too large": (
        """\
        vnets: {Hub: {address: [10.0.0.0/16, 10.256.0.0/16]}}
        """,
        """\
        a.yaml:1:38: error[bad-cidr]: `10.256.0.0/16` is no network: `256` is more than 255
          |
        1 | vnets: {Hub: {address: [10.0.0.0/16, 10.256.0.0/16]}}
          |                                      ^^^^^^^^^^^^^
          = write a CIDR such as `10.0.0.0/16` or `fd00:1::/48`""",
    ),
    "subnets that overlap": (
        """\
        vnets:
          Hub:
            address: 10.0.0.0/16
            subnets:
              Web: {address: 10.0.0.0/24}
              Data: {address: 10.0.0.128/25}
        """,
        """\
        a.yaml:6:23: error[overlap]: `Data` (`10.0.0.128/25`) overlaps `Web` (`10.0.0.0/24`) in `Hub`
          |
        6 |       Data: {address: 10.0.0.128/25}
          |                       ^^^^^^^^^^^^^
          = `Web` stands here: a.yaml:5:22""",
    ),
    "a subnet outside its VNet": (
        """\
        vnets:
          Hub:
            address: 10.0.0.0/16
            subnets: {Web: {address: 10.1.0.0/24}}
        """,
        """\
        a.yaml:4:30: error[outside-vnet]: `10.1.0.0/24` lies outside the address space of `Hub`, `10.0.0.0/16`
          |
        4 |     subnets: {Web: {address: 10.1.0.0/24}}
          |                              ^^^^^^^^^^^
          = the address space stands here: a.yaml:3:14""",
    ),
    "a reference that dangles": (
        """\
        vnets: {Hub: {subnets: {Web: {nsg: NSG-wbe}}}}
        nsgs: [NSG-web]
        """,
        """\
        a.yaml:1:36: error[unknown-name]: no NSG is called `NSG-wbe`
          |
        1 | vnets: {Hub: {subnets: {Web: {nsg: NSG-wbe}}}}
          |                                    ^^^^^^^
          = did you mean `NSG-web`?""",
    ),
    "a name of the wrong kind": (
        """\
        vnets: [Hub, Spoke]
        nsgs: [NSG]
        peerings:
          - Hub <-> NSG
        """,
        """\
        a.yaml:4:13: error[wrong-kind]: `NSG` is an NSG, expected a VNet
          |
        4 |   - Hub <-> NSG
          |             ^^^
          = it stands here: a.yaml:2:8""",
    ),
    "a name that is ambiguous": (
        """\
        vnets:
          Hub: {subnets: {Web: {}}}
          Spoke: {subnets: {Web: {}}}
        flows:
          - Web -> Hub
        """,
        """\
        a.yaml:5:5: error[ambiguous-name]: `Web` is the name of 2 things
          |
        5 |   - Web -> Hub
          |     ^^^
          = write one of `Hub/Web`, `Spoke/Web`""",
    ),
    "a rule with a word that is wrong": (
        """\
        nsgs:
          NSG:
            rules:
              - 100 allow inbond tcp/443 from Internet to any
        """,
        """\
        a.yaml:4:19: error[bad-line]: expected `inbound` or `outbound`, found `inbond`
          |
        4 |       - 100 allow inbond tcp/443 from Internet to any
          |                   ^^^^^^
          = did you mean `inbound`?""",
    ),
    "a rule with a name that dangles": (
        """\
        asgs: [ASG-web]
        nsgs:
          NSG: {rules: [100 allow inbound tcp/443 from Internet to ASG-wbe]}
        """,
        """\
        a.yaml:3:60: error[unknown-name]: `ASG-wbe` is no address, service tag, or name that a rule can use
          |
        3 |   NSG: {rules: [100 allow inbound tcp/443 from Internet to ASG-wbe]}
          |                                                            ^^^^^^^
          = did you mean `ASG-web`?""",
    ),
    "a rule cut in two by a comma": (
        """\
        nsgs: {NSG: {rules: [100 allow inbound tcp/80,443 from Internet to any]}}
        """,
        """\
        a.yaml:1:46: error[bad-line]: `from` was expected after the protocol
          |
        1 | nsgs: {NSG: {rules: [100 allow inbound tcp/80,443 from Internet to any]}}
          |                                              ^
          = write `PRIORITY allow|deny inbound|outbound PROTOCOL[/PORTS] from WHERE to WHERE`
          = in a list in `[...]`, a line with a comma needs quotes

        a.yaml:1:51: error[bad-line]: expected `allow` or `deny`, found `from`
          |
        1 | nsgs: {NSG: {rules: [100 allow inbound tcp/80,443 from Internet to any]}}
          |                                                   ^^^^""",
    ),
    "a port that is too large": (
        """\
        nsgs:
          NSG:
            rules: ["100 allow inbound tcp/443,70000 from Internet to any"]
        """,
        """\
        a.yaml:3:40: error[bad-port]: the port `70000` is more than 65535
          |
        3 |     rules: ["100 allow inbound tcp/443,70000 from Internet to any"]
          |                                        ^^^^^""",
    ),
    "a priority out of range": (
        """\
        nsgs:
          NSG:
            rules:
              - {priority: 5000, access: deny, direction: inbound}
              - 99 deny inbound any from any to any
        """,
        """\
        a.yaml:4:20: error[out-of-range]: `priority`: expected a whole number from 100 to 4096, found `5000`
          |
        4 |       - {priority: 5000, access: deny, direction: inbound}
          |                    ^^^^

        a.yaml:5:9: error[out-of-range]: a priority of 99: it must be from 100 to 4096
          |
        5 |       - 99 deny inbound any from any to any
          |         ^^""",
    ),
    "a priority that is taken": (
        """\
        nsgs:
          NSG:
            rules:
              - 100 allow inbound tcp/443 from any to any
              - 100 allow outbound tcp/443 from any to any
              - 100 deny inbound any from any to any
        """,
        """\
        a.yaml:6:9: error[duplicate-priority]: two inbound rules of `NSG` have priority 100
          |
        6 |       - 100 deny inbound any from any to any
          |         ^^^
          = first here: a.yaml:4:9""",
    ),
    "parents in a circle": (
        """\
        management_groups:
          A: {parent: B}
          B: {parent: C}
          C: {parent: A}
        """,
        """\
        a.yaml:2:15: error[circle]: parents that run in a circle: `A` -> `B` -> `C` -> `A`
          |
        2 |   A: {parent: B}
          |               ^""",
    ),
    "a type that is unknown": (
        """\
        vnets: {Hub: {subnets: {Web: {resources: {App: virtual_machin x2}}}}}
        """,
        """\
        a.yaml:1:48: error[unknown-type]: `virtual_machin` is no type of resource
          |
        1 | vnets: {Hub: {subnets: {Web: {resources: {App: virtual_machin x2}}}}}
          |                                                ^^^^^^^^^^^^^^
          = did you mean `virtual machine`?""",
    ),
    "a count that is too large": (
        """\
        vnets: {Hub: {subnets: {Web: {resources: {App: vm x10001}}}}}
        """,
        """\
        a.yaml:1:51: error[out-of-range]: a count of 10,001: it must be from 1 to 10,000
          |
        1 | vnets: {Hub: {subnets: {Web: {resources: {App: vm x10001}}}}}
          |                                                   ^^^^^^""",
    ),
    "a key of another type": (
        """\
        vnets:
          Hub: {subnets: {Web: {resources: {App: {type: vm, waf: true}}}}}
        """,
        """\
        a.yaml:2:53: error[unknown-key]: a `vm` has no key `waf`
          |
        2 |   Hub: {subnets: {Web: {resources: {App: {type: vm, waf: true}}}}}
          |                                                     ^^^
          = keys of a `vm`: `asg`, `forwarding`, `ip`, `nics`, `nsg`, `public_ip`""",
    ),
    "a truth value of another language": (
        "internet: yes\n",
        """\
        a.yaml:1:11: error[wrong-value]: `internet`: expected `true` or `false` or a mapping, found `yes`
          |
        1 | internet: yes
          |           ^^^
          = did you mean `true`?""",
    ),
    "peered VNets that overlap": (
        """\
        vnets: {A: {address: 10.0.0.0/8}, B: {address: 10.1.0.0/16}}
        peerings: [A <-> B]
        """,
        """\
        a.yaml:2:12: warning[peered-overlap]: `A` (`10.0.0.0/8`) and `B` (`10.1.0.0/16`) overlap, which Azure refuses
          |
        2 | peerings: [A <-> B]
          |            ^^^^^^^
          = `A` stands here: a.yaml:1:9
          = `B` stands here: a.yaml:1:35""",
    ),
    "a tab": (
        "vnets:\n\tHub: {}\n",
        """\
        a.yaml:2:1: error[yaml-syntax]: a tab cannot indent YAML
          |
        2 |  Hub: {}
          | ^
          = use blanks""",
    ),
    "a bracket that is not closed": (
        "vnets: [Hub, Spoke\nnsgs: []\n",
        """\
        a.yaml:2:5: error[yaml-syntax]: a `,` or the closing `]` was expected here
          |
        2 | nsgs: []
          |     ^""",
    ),
    "several documents": (
        "vnets: [A]\n---\nvnets: [B]\n",
        """\
        a.yaml:2:1: error[several-documents]: a spec is one YAML document, and here a second one begins
          |
        2 | ---
          | ^
          = remove the line `---`, or give the parts as files of their own""",
    ),
    "an empty file": (
        "# nothing\n",
        """\
        a.yaml:1:1: error[empty]: there is nothing in this file
          |
        1 | # nothing
          | ^
          = a spec starts with `subscriptions:` or `vnets:`; `diagramgen init` writes a first one""",
    ),
    "YAML that is no spec": (
        "apiVersion: v1\nkind: Service\n",
        """\
        a.yaml:1:1: error[not-a-spec]: this is YAML, and no spec: its keys are `apiVersion`, `kind`
          |
        1 | apiVersion: v1
          | ^^^^^^^^^^
          = a spec starts with `subscriptions:` or `vnets:`; `diagramgen init` writes a first one""",
    ),
    "a terminal escape": (
        'vnets: {"\\e[31mHub": {}, Spoke: {addres: 1}}\n',
        """\
        a.yaml:1:9: error[bad-name]: a name holds the control character `U+001B`
          |
        1 | vnets: {"\\e[31mHub": {}, Spoke: {addres: 1}}
          |         ^^^^^^^^^^^

        a.yaml:1:34: error[unknown-key]: a VNet has no key `addres`
          |
        1 | vnets: {"\\e[31mHub": {}, Spoke: {addres: 1}}
          |                                  ^^^^^^
          = did you mean `address`?""",
    ),
    "a line that is very long": (
        "vnets: {" + ", ".join(f"V{i}: {{}}" for i in range(60)) + ", X: {adress: 1}}\n",
        """\
        a.yaml:1:543: error[unknown-key]: a VNet has no key `adress`
          |
        1 | ..., V57: {}, V58: {}, V59: {}, X: {adress: 1}}
          |                                     ^^^^^^
          = did you mean `address`?""",
    ),
    "properties of Azure that are no mapping": (
        """\
        vnets: {Hub: {azure: [enableDdosProtection]}}
        """,
        """\
        a.yaml:1:22: error[wrong-value]: `azure`: expected a mapping of Azure's properties, found a list
          |
        1 | vnets: {Hub: {azure: [enableDdosProtection]}}
          |                      ^""",
    ),
    "a reference of Azure's properties that nearly is a name": (
        """\
        ddos_plans: [Plan]
        public_ips: {PIP: {azure: {ddosProtectionPlan: {id: Pln}}}}
        """,
        """\
        a.yaml:2:53: warning[unknown-name]: nothing here is called `Pln`
          |
        2 | public_ips: {PIP: {azure: {ddosProtectionPlan: {id: Pln}}}}
          |                                                     ^^^
          = did you mean `Plan`?""",
    ),
    "a type that Azure does not write so": (
        """\
        azure_resources: {X: {type: ipAllocations}}
        """,
        """\
        a.yaml:1:29: error[wrong-value]: `ipAllocations` is no type of Azure
          |
        1 | azure_resources: {X: {type: ipAllocations}}
          |                             ^^^^^^^^^^^^^
          = write it as Azure does: `Microsoft.Network/ipAllocations`""",
    ),
    "what is said of a thing that is outside": (
        """\
        nsgs:
          N: {outside: true, rules: [100 allow inbound any from any to any]}
        """,
        """\
        a.yaml:2:22: warning[told-outside]: `N` is outside, so what is said of its `rules` is left out
          |
        2 |   N: {outside: true, rules: [100 allow inbound any from any to any]}
          |                      ^^^^^
          = leave out one of the two""",
    ),
    "a balancer's rule to a pool that is not there": (
        """\
        vnets: {V: {subnets: {S: {resources: {
          LB: {type: load_balancer, pools: {web: [10.0.0.4]}, rules: [tcp/443 -> wbe]}}}}}}
        """,
        """\
        a.yaml:2:63: error[unknown-name]: no pool is called `wbe`
          |
        2 |   LB: {type: load_balancer, pools: {web: [10.0.0.4]}, rules: [tcp/443 -> wbe]}}}}}}
          |                                                               ^^^^^^^^^^^^^^
          = did you mean `web`?""",
    ),
    "a balancer's rule that does not say at which frontend": (
        """\
        vnets: {V: {subnets: {S: {resources: {
          LB: {type: load_balancer, pools: {web: [10.0.0.4]}, frontends: {a: {ip: 10.0.0.5}, b: {ip: 10.0.0.6}},
               rules: [tcp/443 -> web]}}}}}}
        """,
        """\
        a.yaml:3:16: error[missing-key]: `LB` has several frontends: which is meant?
          |
        3 |        rules: [tcp/443 -> web]}}}}}}
          |                ^^^^^^^^^^^^^^
          = write ` at FRONTEND`; there are `a`, `b`""",
    ),
    "a gateway's rule for a listener that is not there": (
        """\
        vnets: {V: {subnets: {S: {resources: {
          AG: {type: application_gateway, pools: {web: [10.0.0.4]}, listeners: {https: {}}, routing: [http -> web]}}}}}}
        """,
        """\
        a.yaml:2:95: error[unknown-name]: no listener is called `http`
          |
        2 | ...isteners: {https: {}}, routing: [http -> web]}}}}}}
          |                                     ^^^^^^^^^^^
          = did you mean `https`?""",
    ),
    "a local network that is connected to no gateway": (
        """\
        vnets: [Hub]
        local_networks: [Branch]
        connections: [Branch -> Hub]
        """,
        """\
        a.yaml:3:15: error[wrong-kind]: a connection from `Branch` ends at a gateway, and `Hub` is none
          |
        3 | connections: [Branch -> Hub]
          |               ^^^^^^^^^^^^^
          = name a VPN or ExpressRoute gateway, or one of a virtual hub: `Hub/vpn_gateway`""",
    ),
    "an access restriction without its priority": (
        """\
        services: {S: {type: app_service, restrictions: [allow from 203.0.113.0/24]}}
        """,
        """\
        a.yaml:1:50: error[bad-line]: a restriction begins with its priority, found `allow`
          |
        1 | services: {S: {type: app_service, restrictions: [allow from 203.0.113.0/24]}}
          |                                                  ^^^^^
          = write `PRIORITY allow|deny from WHERE`""",
    ),
    "a range of addresses that runs backwards": (
        """\
        services: {S: {type: storage, allowed_addresses: [203.0.113.9-203.0.113.4]}}
        """,
        """\
        a.yaml:1:51: error[bad-address]: the range `203.0.113.9-203.0.113.4` runs backwards
          |
        1 | services: {S: {type: storage, allowed_addresses: [203.0.113.9-203.0.113.4]}}
          |                                                   ^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    "a word that is not known for one that may be unknown": (
        """\
        nsgs: {N: {more: some}}
        """,
        """\
        a.yaml:1:18: error[wrong-value]: `more`: expected one of `unknown`, found `some`
          |
        1 | nsgs: {N: {more: some}}
          |                  ^^^^""",
    ),
    "a rule with marks and a port that is too large": (
        """\
        nsgs: {N: {rules: ['{priority} allow inbound tcp/99999 from {x} to any']}}
        """,
        """\
        a.yaml:1:50: error[bad-port]: the port `99999` is more than 65535
          |
        1 | nsgs: {N: {rules: ['{priority} allow inbound tcp/99999 from {x} to any']}}
          |                                                  ^^^^^""",
    ),
    "an entry that says too little": (
        """\
        route_tables: {RT: {routes: {default: }}}
        """,
        """\
        a.yaml:1:30: error[missing-key]: a route needs the key `prefix`
          |
        1 | route_tables: {RT: {routes: {default: }}}
          |                              ^^^^^^^

        a.yaml:1:30: error[missing-key]: a route needs the key `next`
          |
        1 | route_tables: {RT: {routes: {default: }}}
          |                              ^^^^^^^""",
    ),
    "a firewall with a policy and rules of its own": (
        """\
        vnets: {V: {subnets: {S: {resources: {
          FW: {type: firewall, policy: P,
                     rule_collections: {c: {priority: 100, action: allow, rules: [tcp/443 from any to any]}}}}}}}}
        firewall_policies: [P]
        """,
        """\
        a.yaml:3:14: error[contradiction]: `FW` has a policy, and so none but its rules
          |
        3 |              rule_collections: {c: {priority: 100, action: allow, rules: [tcp/443 from any to any]}}...
          |              ^^^^^^^^^^^^^^^^
          = put the rules into the policy, or leave it out""",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_every_mistake_is_told_with_its_place_and_what_was_meant(case: str) -> None:
    text, expected = CASES[case]
    assert messages(dedent(text) if text.startswith(" ") else text) == dedent(expected)


def test_all_errors_of_a_file_are_told_at_once() -> None:
    text = "vnets: {A: {address: x}, B: {c: 1}}\nnsgs: {N: {rules: [1, 100 allow]}}\npeerings: [A <-> D]\n"
    with pytest.raises(InputError) as caught:
        read_spec("a.yaml", text)
    assert summarise(caught.value.diagnostics) == "5 errors"


def test_a_refused_entry_keeps_its_name_so_that_one_mistake_is_told_once() -> None:
    text = "vnets: {A: {address: x}, B: 5}\npeerings: [A <-> B]\n"
    with pytest.raises(InputError) as caught:
        read_spec("a.yaml", text)
    assert len(caught.value.diagnostics) == 2


def test_reading_stops_after_a_thousand_errors() -> None:
    text = "vnets:\n" + "".join(f"  V{i}: {{adress: 1}}\n" for i in range(5000))
    with pytest.raises(InputError) as caught:
        read_spec("a.yaml", text)
    assert len(caught.value.diagnostics) == 1001


def test_source_lines_cannot_move_the_cursor() -> None:
    rendered = messages("vnets:\n  'a\u202eb': {c: 1}\n")
    assert "a<U+202E>b" in rendered and "\u202e" not in rendered
