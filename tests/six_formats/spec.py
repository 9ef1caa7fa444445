"""The estate as a person writes it down: a spec, told from `network` by hand, as nobody generates specs.

What a spec does not say is Azure's default, so that it says less than an export of the same.
"""

from __future__ import annotations

from six_formats import network as n

_ONE = """
subscriptions:
  Platform:
    id: {platform}
    resource_group: rg-net
    services: {{stcontosoorders: {storage}}}
    vnets:
      vnet-hub: {hub}
      vnet-shop: {shop}
      vnet-data: {data}
"""
_TWO = """
subscriptions:
  Platform:
    id: {platform}
    resource_group: rg-hub
    vnets:
      vnet-hub: {hub}
  Workloads:
    id: {workloads}
    services: {{stcontosoorders: {storage}}}
    vnets:
      vnet-shop: {shop}
      vnet-data: {data}
"""
_STORAGE = """{type: storage, sku: Standard_LRS, region: westeurope, public_access: true,
            allowed_subnets: snet-tools, bypass: AzureServices}"""
_HUB = """
        address: 10.0.0.0/16
        region: westeurope
        subnets:
          GatewaySubnet:
            address: 10.0.0.0/27
            route_table: rt-gateway
            resources: {vgw-hub: {type: vpn_gateway, asn: 65515, sku: VpnGw1AZ, public_ip: pip-vpn}}
          AzureFirewallSubnet:
            address: 10.0.1.0/26
            resources: {afw-hub: {type: firewall, policy: afwp-hub, ip: 10.0.1.4, public_ip: pip-firewall}}
          AzureBastionSubnet:
            address: 10.0.2.0/26
            resources: {bas-hub: {type: bastion, sku: Basic, public_ip: pip-bastion}}
          snet-ingress:
            address: 10.0.3.0/24
            nsg: nsg-ingress
            resources:
              agw-ingress:
                type: application_gateway
                sku: WAF_v2
                waf: waf-ingress
                frontends: {public: {public_ip: pip-gateway}}
                pools: {web: [10.1.1.4]}
                listeners: {http: {frontend: public, port: 80, protocol: http}}
                routing: {web: {listener: http, pool: web, backend_port: 443, backend_protocol: https,
                                priority: 100}}"""
_SHOP = """
        address: 10.1.0.0/16
        region: westeurope
        dns_servers: [10.0.1.4]
        subnets:
          snet-web:
            address: 10.1.1.0/24
            nsg: nsg-web
            route_table: rt-shop
            resources: {vm-web: {type: vm, ip: 10.1.1.4, asg: asg-web}}
          snet-app:
            address: 10.1.2.0/24
            nsg: nsg-app
            route_table: rt-shop
            resources:
              lbi-app:
                type: load_balancer
                sku: Standard
                frontends: {front: {ip: 10.1.2.10}}
                pools: {pool: [vm-app-1, vm-app-2]}
                rules: {https: {protocol: tcp, port: 443, frontend: front, pool: pool, backend_port: 8443,
                                outbound_snat: false}}
              vm-app-1: {type: vm, ip: 10.1.2.4, asg: asg-app}
              vm-app-2: {type: vm, ip: 10.1.2.5, asg: asg-app}
          snet-endpoints:
            address: 10.1.3.0/24
            nsg: nsg-endpoints
            private_endpoint_policies: true
            resources:
              pe-orders: {type: private_endpoint, to: stcontosoorders, group: blob, state: approved, ip: 10.1.3.4,
                          dns_zone: privatelink.blob.core.windows.net}"""
_DATA = """
        address: [10.2.0.0/17, 10.2.128.0/17]
        region: westeurope
        subnets:
          snet-sql:
            address: 10.2.1.0/24
            nsg: nsg-sql
            route_table: rt-data
            default_outbound: false
            resources: {vm-sql: {type: vm, ip: 10.2.1.4}}
          snet-jobs:
            address: 10.2.2.0/24
            nat_gateway: nat-jobs
            resources: {vm-jobs: {type: vm, ip: 10.2.2.4, forwarding: true}}
          snet-tools:
            address: 10.2.130.0/24
            service_endpoints: [{service: Microsoft.Storage, locations: [westeurope, northeurope]}]
            resources: {vm-tools: {type: vm, ip: 10.2.130.4, nsg: nsg-tools, public_ip: pip-tools}}"""
_REST = """
peerings:
  - {between: [vnet-hub, vnet-shop], forwarded_traffic: true, gateway_transit: vnet-hub}
  - {between: [vnet-hub, vnet-data], a: {gateway_transit: true}, b: {forwarded_traffic: true}}
local_networks: {lgw-office: {address: 192.168.0.0/16, gateway: 203.0.113.10}}
connections: [{from: lgw-office, to: vgw-hub, type: vpn, name: con-office, status: connected}]
asgs: [asg-web, asg-app]
nsgs:
  nsg-ingress:
    rules:
      allow-web: 100 allow inbound tcp/80,443 from Internet to 10.0.3.0/24
      allow-manager: 110 allow inbound tcp/65200-65535 from GatewayManager to any
  nsg-web:
    rules:
      allow-gateway: 100 allow inbound tcp/443 from snet-ingress to asg-web
      allow-admins: {priority: 110, access: allow, direction: inbound, protocol: tcp,
                     source: [192.168.0.0/16, AzureBastionSubnet], destination: any, destination_ports: [22, 3389],
                     description: from the office and through Bastion}
      deny-rest: 4096 deny inbound any from any to any
  nsg-app:
    rules:
      allow-web: {priority: 100, access: allow, direction: inbound, protocol: tcp, source: asg-web,
                  source_ports: 1024-65535, destination: asg-app, destination_ports: [8443, 9000-9010]}
      allow-probes: 110 allow inbound any from AzureLoadBalancer to any
      deny-rest: 4096 deny inbound any from any to any
      allow-storage: 200 allow outbound tcp/443 from VirtualNetwork to Storage.WestEurope
      deny-internet: 4000 deny outbound any from any to Internet
  nsg-endpoints:
    rules:
      allow-app: 100 allow inbound tcp/443 from snet-app to 10.1.3.4/32
      deny-rest: 4096 deny inbound any from any to any
  nsg-sql:
    rules:
      allow-app: 100 allow inbound tcp/1433 from snet-app to snet-sql
      allow-time: 110 allow inbound udp/123 from 10.0.0.0/8 to 10.2.1.4, 10.2.1.5
      deny-rest: 4096 deny inbound any from any to any
  nsg-tools: {rules: {allow-partner: 100 allow inbound tcp/22 from 203.0.113.0/24 to 10.2.130.4}}
  nsg-empty: {rules: []}
route_tables:
  rt-gateway: {routes: {shop: 10.1.0.0/16 -> 10.0.1.4, data: 10.2.0.0/16 -> 10.0.1.4}}
  rt-shop: {propagate_gateway_routes: false, routes: {default: 0.0.0.0/0 -> 10.0.1.4, hub: vnet-hub -> 10.0.1.4}}
  rt-data:
    propagate_gateway_routes: false
    routes: {default: 0.0.0.0/0 -> 10.0.1.4, monitor: AzureMonitor -> internet, lab: 10.9.0.0/16 -> none}
ip_groups: {ipg-spokes: [10.1.0.0/16, 10.2.0.0/16]}
firewall_policies:
  afwp-hub:
    tier: standard
    threat_intelligence: deny
    dns_proxy: true
    rule_collection_groups:
      rcg-estate:
        priority: 200
        rule_collections:
          dnat:
            priority: 100
            action: dnat
            rules: {partner: tcp/2222 from 203.0.113.0/24 to pip-firewall -> 10.2.130.4:22}
          network:
            priority: 200
            action: allow
            rules:
              app-to-sql: tcp/1433 from snet-app to snet-sql
              time: udp/123 from ipg-spokes to 10.2.1.4, 10.2.1.5
              storage: tcp/443 from snet-app to Storage.WestEurope
          application:
            priority: 300
            action: allow
            rules:
              ubuntu: http,https from ipg-spokes to *.ubuntu.com
              updates: https/443 from snet-sql to WindowsUpdate
waf_policies: {waf-ingress: {mode: prevention}}
nat_gateways: {nat-jobs: {public_ip: pip-jobs}}
public_ips:
  pip-firewall: {address: 20.50.60.1, sku: standard}
  pip-vpn: {address: 20.50.60.2, sku: standard}
  pip-bastion: {address: 20.50.60.3, sku: standard}
  pip-gateway: {address: 20.50.60.4, sku: standard}
  pip-jobs: {address: 20.50.60.5, sku: standard}
  pip-tools: {address: 20.50.60.6, sku: standard}
private_dns_zones: {privatelink.blob.core.windows.net: {vnets: [vnet-shop]}}
"""


def spec(places: n.Places) -> str:
    """The spec; its tree says where the parts are."""
    tree = _ONE if len(set(places.values())) == 1 else _TWO
    parts = {"hub": _HUB, "shop": _SHOP, "data": _DATA, "storage": _STORAGE}
    return tree.format(platform=n.PLATFORM, workloads=n.WORKLOADS, **parts) + _REST
