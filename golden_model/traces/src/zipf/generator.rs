//! The stream of queries.

use super::config::{ZipfConfig, ZipfError, scaled};
use super::ranks::Ranks;
use contract::SplitMix64;

use crate::batch::Bags;
use crate::{JointIds, Query};

/// An endless stream of queries.
#[derive(Clone, Debug)]
pub struct Zipf {
    config: ZipfConfig,
    joint: JointIds,
    tables: Vec<Ranks>,
    /// What is copied, and which template how often.
    templates: Vec<Query>,
    template: Ranks,
    rng: SplitMix64,
    /// Queries drawn.
    queries: u64,
}

impl Zipf {
    /// Draws the templates.
    ///
    /// # Errors
    /// If a parameter is out of range.
    pub fn new(config: ZipfConfig) -> Result<Self, ZipfError> {
        config.validate()?;
        let tables = config.tables.iter().enumerate();
        let tables = tables
            .map(|(table, &rows)| Ranks::new(rows, scaled(config.exponent_of(table))))
            .collect();
        let mut zipf = Self {
            joint: JointIds::new(config.tables.iter().copied())?,
            tables,
            templates: Vec::new(),
            template: Ranks::new(config.templates, scaled(config.exponent)),
            rng: SplitMix64::new(config.seed),
            queries: 0,
            config,
        };
        for _ in 0..zipf.config.templates {
            let whole = zipf.draw(None);
            let copied = whole.iter().map(|bag| -> Vec<u32> {
                let rows = bag.iter().copied();
                rows.filter(|_| zipf.rng.chance(zipf.config.copied))
                    .collect()
            });
            let template = copied.collect();
            zipf.templates.push(template);
        }
        Ok(zipf)
    }

    /// The tables.
    pub fn joint_ids(&self) -> &JointIds {
        &self.joint
    }

    /// The parameters.
    pub fn config(&self) -> &ZipfConfig {
        &self.config
    }

    /// The next query.
    pub fn query(&mut self) -> Query {
        let copies = self.rng.chance(self.config.co_occurrence);
        let template = copies.then(|| self.template.draw(&mut self.rng) as usize);
        let query = self.draw(template);
        self.queries += 1;
        query
    }

    /// The next `queries` queries, as a batch of joint ids.
    pub fn batch(&mut self, queries: usize) -> Bags {
        let mut bags = Bags::new();
        for _ in 0..queries {
            let query = self.query();
            bags.push(self.joint.join(&query));
        }
        bags
    }

    /// Draws a query: each bag starts with the rows of the template's bag, as far as the bag is
    /// long, and is filled up by popularity.
    fn draw(&mut self, template: Option<usize>) -> Query {
        let Self {
            config,
            tables,
            templates,
            rng,
            queries,
            ..
        } = self;
        let copied = template.map(|index| templates[index].iter());
        let mut copied = copied.into_iter().flatten();
        let moved = config.drift * (*queries as f64 / config.drift_queries as f64);
        let mut query = Query::new();
        let mut bag: Vec<u32> = Vec::new();
        for (table, ranks) in tables.iter().enumerate() {
            let [fewest, most] = config.bag_of(table);
            let length = fewest as usize + rng.below(u64::from(most - fewest) + 1) as usize;
            bag.clear();
            bag.extend(copied.next().unwrap_or_default().iter().take(length));
            while bag.len() < length {
                let mut rank = ranks.draw(rng);
                // The next free rank instead of another draw: bounded, however skewed the table.
                while !config.repeats && bag.contains(&rank) {
                    rank = (rank + 1) % ranks.rows();
                }
                bag.push(rank);
            }
            let rows = u64::from(ranks.rows());
            let retired = (moved * rows as f64) as u64 % rows;
            for &rank in &bag {
                query.push_id(((u64::from(rank) + retired) % rows) as u32);
            }
            query.end_table();
        }
        query
    }
}

impl Iterator for Zipf {
    type Item = Query;

    fn next(&mut self) -> Option<Query> {
        Some(self.query())
    }
}
