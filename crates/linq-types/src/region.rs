use std::{error::Error, fmt, str::FromStr};

/// Declares the regions by their codes.
macro_rules! regions {
    ($($code:ident)+) => {
        /// A country or territory with phone numbers of its own, by its ISO 3166-1 alpha-2 code.
        ///
        /// ```
        /// # mod linq { pub(crate) use linq_types as types; }
        /// use linq::types::Region;
        ///
        /// assert_eq!("gb".parse(), Ok(Region::GB));
        /// assert_eq!(Region::GB.as_str(), "GB");
        /// assert!("UK".parse::<Region>().is_err());
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Region {
            $(
                #[doc = concat!("`", stringify!($code), "`")]
                $code,
            )+
        }

        impl Region {
            /// All regions, ordered by code.
            pub const ALL: &[Self] = &[$(Self::$code),+];

            /// Returns the code, such as `US`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$code => stringify!($code),)+
                }
            }

            /// Returns the region as the numbering plans know it.
            pub(crate) fn numbering_plan(self) -> phonenumber::country::Id {
                match self {
                    $(Self::$code => phonenumber::country::Id::$code,)+
                }
            }
        }
    };
}

regions! {
    AC AD AE AF AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT
    BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER
    ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR HT HU ID IE
    IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV
    LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP
    NR NU NZ OM PA PE PF PG PH PK PL PM PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK
    SL SM SN SO SR SS ST SV SX SY SZ TA TC TD TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA
    VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
}

#[cfg(feature = "phone-numbers")]
impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Reads the code, in upper or lower case.
#[cfg(feature = "phone-numbers")]
impl FromStr for Region {
    type Err = UnknownRegion;

    fn from_str(code: &str) -> Result<Self, UnknownRegion> {
        let known = Self::ALL.iter().find(|region| region.as_str().eq_ignore_ascii_case(code));
        known.copied().ok_or(UnknownRegion)
    }
}

/// The error when a text is not the code of a [`Region`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
#[cfg(feature = "phone-numbers")]
pub struct UnknownRegion;

impl fmt::Display for UnknownRegion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unknown region: expected an ISO 3166-1 code of two letters, such as US")
    }
}

impl Error for UnknownRegion {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_region_is_read_from_its_code_and_has_a_numbering_plan() {
        for region in Region::ALL {
            assert_eq!(region.as_str().parse(), Ok(*region));
            let plan = phonenumber::metadata::DATABASE.by_id(region.numbering_plan().as_ref());
            assert!(plan.is_some(), "{region}");
        }
    }
}
