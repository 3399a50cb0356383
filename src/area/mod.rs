mod census;
mod flow;
mod liberty;
mod netlist;
pub mod own45;
mod sta;

#[derive(Debug, thiserror::Error)]
pub enum AreaError {
    #[error(transparent)]
    Tool(#[from] crate::tool::ToolError),
    #[error("{path}: {why}")]
    Io { path: String, why: String },
    #[error("{file}: not a netlist of Yosys: {why}")]
    Netlist { file: String, why: String },
    #[error("timing: {0}")]
    Sta(#[from] sta::StaError),
    #[error("area: {0}")]
    Census(#[from] census::CensusError),
}
impl AreaError {
    fn io(path: &std::path::Path, e: std::io::Error) -> Self {
        Self::Io { path: path.display().to_string(), why: e.to_string() }
    }
}
pub fn dev(files: &[String], top: &str, dir: &std::path::Path) -> Result<(), AreaError> {
    let lib = own45::text();
    let library = liberty::Library::parse(&lib).unwrap();
    std::fs::create_dir_all(dir).unwrap();
    let yosys = crate::tool::Tool::find(&crate::tool::YOSYS)?;
    println!("{}", yosys.version);
    let flow = flow::Flow::prepare(&yosys, dir, &lib, &library.buffer)?;
    let design = flow::Design { top: top.into(), files: files.iter().map(|f| (f.rsplit('/').next().unwrap().to_owned(), std::fs::read_to_string(f).unwrap())).collect() };
    let memories = std::collections::HashMap::from([("sram_1rw_256x32".to_owned(), census::Memory{area_um2: 1000.0, access_ns: 0.5})]);
    let access = memories.iter().map(|(k,v)| (k.clone(), v.access_ns)).collect();
    for (flat, step) in [(false, "hier"), (true, "flat")] {
        let t = std::time::Instant::now();
        let m = flow.map(&design, flat, step)?;
        println!("{step} {:?}", t.elapsed());
        let setting = sta::Setting { library: &library, memories: &access };
        for a in census::census(&m.netlist, top, &library, &memories)? {
            let p = sta::longest_paths(&m.netlist, &a.key, &setting)?;
            println!("{:40} x{} cells {} flops {} local {:.0} total {:.0} mem {:.0} | abc {:?} sta {:?}", a.name, a.instances, a.cells, a.flops, a.local_um2_45nm, a.total_um2_45nm, a.memory_um2_45nm, m.abc_ns.get(&a.key), p.iter().map(|p| (p.ns, p.from.clone(), p.to.clone())).collect::<Vec<_>>());
            if flat { for s in &p[0].steps { println!("   {:.3} {:?} {} {}", s.arrival_ns, s.cell, s.fanout, s.net); } }
        }
        println!("total {:?}", t.elapsed());
    }
    Ok(())
}
