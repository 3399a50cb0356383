use golden_model::refree::*; use golden_model::trace::Trace; use std::num::NonZeroU32;
fn main(){
 let t=Trace::open(std::env::args().nth(1).unwrap()).unwrap();
 let dim: u64 = std::env::args().nth(2).unwrap().parse().unwrap();
 for (n,b) in t.batches(NonZeroU32::new(2048).unwrap()).unwrap().enumerate().take(2){ let b=b.unwrap();
  for m in Mechanism::ALL { for pl in [Placement::Hash,Placement::Column,Placement::Table] { if pl!=Placement::Hash && m!=Mechanism::Full {continue}
   let s=System{mechanism:m,placement:pl,..Default::default()};
   let l=s.layout(t.joint_ids(),dim*4,&b);
   let i=std::time::Instant::now();
   let r=step(&s,&l,&b).unwrap();
   println!("{n} {m:?} {pl:?} fwd {} bwd {} (grad {} gnr {} upd {}) adds {} fills {} reads {} {} {} writes {} imb {:.3} in {:?}", r.forward_cycles(), r.backward_cycles(), r.ranks[0].gradient_cycles, r.ranks[0].backward.cycles, r.ranks[0].update.cycles, r.sum(|x|x.forward.adder_beats+x.backward.adder_beats)/4, r.sum(|x|x.forward.fills), r.sum(|x|x.forward.lines_read), r.sum(|x|x.backward.lines_read), r.sum(|x|x.update.lines_read), r.sum(|x|x.update.lines_written), r.imbalance(), i.elapsed());
   if n==0 {let x=&r.ranks[0]; println!("   fwd {:?}\n   bwd {:?}\n   upd {:?}", x.forward,x.backward,x.update);}
  }}
 }
}
