//! Whatever counts by address counts by this.

use std::net::IpAddr;

/// All the addresses that one household has: one IPv4 address, however it is written, or a /64 of IPv6, since whoever has one
/// address of it has 2⁶⁴.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Household(IpAddr);

impl Household {
    /// The one that an address belongs to.
    pub fn of(address: IpAddr) -> Self {
        Self(shared(address.to_canonical()))
    }

    /// The address that stands for all of it.
    pub const fn address(self) -> IpAddr {
        self.0
    }
}

crate::guard! {
    /// The address that stands for all of a household.
    fn shared(address: IpAddr) -> IpAddr {
        match address {
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                IpAddr::from([a, b, c, d, 0, 0, 0, 0])
            }
            address => address,
        }
    }
    ManyAddresses: address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_household_is_one_address() {
        let household = |text: &str| Household::of(text.parse().unwrap());
        assert_eq!(household("2001:db8:1:2::1"), household("2001:db8:1:2:ffff::9"));
        assert_ne!(household("2001:db8:1:2::1"), household("2001:db8:1:3::1"));
        assert_eq!(household("::ffff:192.0.2.1"), household("192.0.2.1"));
        assert_ne!(household("192.0.2.1"), household("192.0.2.2"));
    }
}
